/** Pixels between the middles of two groups: they touch, and do not cover each other. */
export const APART = 54;
/** A point nearer than this to the middle of a group would be under it: it is counted. */
const UNDER = 28;

function add(group, [lat, lon, count, kind, counts]) {
    const part = (group.kinds[kind] ||= {count: 0, counts: {}});
    part.count += count;
    for (const [state, number] of Object.entries(counts || {})) {
        part.counts[state] = (part.counts[state] || 0) + number;
    }
    group.places.push([lat, lon]);
}

/**
 * Clusters of the server as groups that can be read: those that would cover each other,
 * of any kind, are one. Nothing is lost: the counts of the groups add up to theirs.
 * `project` tells where a place is on the screen.
 */
export function mergeClusters(clusters, project) {
    const groups = [];
    for (const cluster of [...clusters].sort((one, other) => other[2] - one[2])) {
        const [lat, lon] = cluster;
        const {x, y} = project([lat, lon]);
        let group = groups.find((near) => Math.hypot(near.x - x, near.y - y) < APART);
        if (!group) {
            group = {x, y, lat, lon, kinds: {}, places: []};
            groups.push(group);
        }
        add(group, cluster);
    }
    return groups;
}

/** Count the points that groups would hide; returns the others. */
export function takeHidden(groups, kind, points, project) {
    return points.filter(([, lat, lon, state]) => {
        const {x, y} = project([lat, lon]);
        const over = groups.find(
            (group) => Math.hypot(group.x - x, group.y - y) < UNDER
        );
        if (over) {
            add(over, [lat, lon, 1, kind, {[state]: 1}]);
        }
        return !over;
    });
}
