"""Sentences of a delivery: keys and parameters are stored, words come last."""

from odoo.addons.oiconnect_import.bulk import messages as bulk


def _lt(template):
    return template


MESSAGES = {
    # whole delivery
    "empty_delivery": _lt("The file is empty: export the delivery again."),
    "delivery_too_big": _lt(
        "The delivery holds more than the %(limit)s MB allowed: send it in parts, one "
        "for each SRO, or have the limit raised."
    ),
    "not_delivery": _lt(
        "The file is neither a zip nor a GeoPackage or SpatiaLite database: put the "
        "csv files and shapefiles of the delivery in a zip."
    ),
    "bad_delivery_zip": _lt("The zip cannot be read, it was cut short: make it again."),
    "no_table": _lt(
        "No table of GraceTHD was found: name the files as the standard does, for "
        "instance t_noeud.shp and t_cable.csv, or so the layers of a database."
    ),
    "too_many_members": _lt(
        "Too many files in the zip (%(count)s, allowed: %(limit)s): leave the tables "
        "of GraceTHD alone in it."
    ),
    "member_path": _lt(
        "The zip holds the path %(name)s, which leads out of it: make it again from "
        "the folder of the delivery."
    ),
    "member_link": _lt("The zip holds a link (%(name)s): put the file itself."),
    "member_encrypted": _lt(
        "The file %(name)s of the zip is encrypted: make the zip again without "
        "password."
    ),
    "member_ratio": _lt(
        "The file %(name)s grows too much when it is read (more than so many times: "
        "%(limit)s): it is no table of GraceTHD, take it out of the zip."
    ),
    # one file
    "member_nested": _lt(
        "The zip holds another archive (%(file)s), which was not read: put its files "
        "themselves."
    ),
    "member_broken": _lt(
        "The file %(file)s is damaged in the zip: export it and make the zip again."
    ),
    "database_broken": _lt(
        "The database cannot be read, it is damaged: export the delivery again."
    ),
    "database_view": _lt(
        "The database holds %(name)s as a view or as something else than a table: "
        "export the delivery again, by a GIS tool."
    ),
    "member_database_view": _lt(
        "The database %(file)s of the zip holds %(name)s as a view or as something "
        "else than a table: export it again, by a GIS tool."
    ),
    "database_takes_time": _lt(
        "The database gives no row within %(limit)s seconds, it is damaged: export the "
        "delivery again."
    ),
    "member_database_takes_time": _lt(
        "The database %(file)s of the zip gives no row within %(limit)s seconds, it is "
        "damaged: export it again."
    ),
    "unknown_table": _lt(
        "%(file)s is no table of the standard: its rows are kept as they are, and "
        "exports give them back. If it is one, correct the name to that of the table."
    ),
    "other_name": _lt(
        "%(file)s is no table of the standard, and was not kept: rename it with small "
        "letters without accents, digits and _, at most 63 characters."
    ),
    "too_many_others": _lt(
        "%(file)s is no table of the standard, and was not kept: a delivery has at "
        "most so many of them (%(limit)s). Take some out."
    ),
    "too_many_other_rows": _lt(
        "%(file)s is no table of the standard, and was not kept: the rows of such "
        "tables are at most %(limit)s in a delivery. Send it apart."
    ),
    "other_replaced": _lt(
        "Rows that an earlier delivery gave otherwise under the same code, in the "
        "first column: %(count)s. Those of this delivery replace them: if both are to "
        "be kept, give them codes of their own."
    ),
    "member_database_broken": _lt(
        "The database %(file)s of the zip cannot be read, it is damaged: export it "
        "again."
    ),
    "doubled_table": _lt(
        "The table is in two files, %(file)s was not read but %(other)s: keep one file "
        "for each table."
    ),
    "no_dbf": _lt(
        "The shapefile %(file)s lacks its .dbf: put .shp, .dbf, .shx and .prj together."
    ),
    "no_shp": _lt(
        "%(file)s has no geometry: this table is a shapefile, put its .shp beside."
    ),
    "dbf_broken": _lt("%(file)s is no dbf file: export the shapefile again."),
    "dbf_cut": _lt(
        "%(file)s was cut short (records announced: %(count)s, read: %(read)s): export "
        "the shapefile again."
    ),
    "shp_broken": _lt(
        "The geometries of %(file)s cannot be read, the .shp is damaged: export the "
        "shapefile again."
    ),
    "other_version": _lt(
        "%(table)s is not a table of version %(version)s, which the other files have: "
        "deliver all tables in one version."
    ),
    "no_projection_file": _lt(
        "No file tells the projection, Lambert-93 was assumed: put the .prj beside "
        "each shapefile."
    ),
    "unknown_projection": _lt(
        "The .prj of %(file)s tells no projection that is known: export the shapefile "
        "again in Lambert-93 (2154)."
    ),
    "bad_projection": _lt(
        "The projection EPSG %(epsg)s is not allowed: deliver in Lambert-93 (2154), "
        "CC42 to CC50, or the UTM of the territory overseas."
    ),
    "other_projection": _lt(
        "The projection is EPSG %(epsg)s, that of the other files EPSG %(main)s: "
        "deliver all tables in one projection."
    ),
    "table_absent": _lt(
        "The table %(table)s is absent: add the file %(file)s to the delivery."
    ),
    # one row
    "nul_cell": _lt("The row holds NUL characters: export the table again."),
    "place_absurd": _lt(
        "The geometry is at %(x)s, %(y)s, out of the territory of the projection EPSG "
        "%(epsg)s: draw it again, or correct the projection."
    ),
    "all_places_absurd": _lt(
        "No geometry of %(file)s is in the territory of the projection EPSG %(epsg)s: "
        "deliver the projection that these places are in."
    ),
    "bad_geometry": _lt("The geometry of the row cannot be read: draw it again."),
    "column_absent": _lt(
        "The column %(column)s is absent from %(file)s: add it, void where it is not "
        "known."
    ),
    "bad_text": _lt(
        "%(column)s is too long (characters: %(count)s, allowed: %(limit)s): shorten "
        "it."
    ),
    "bad_int": _lt("%(column)s is “%(value)s”: write a whole number."),
    "bad_decimal": _lt("%(column)s is “%(value)s”: write a number."),
    "bad_date": _lt("%(column)s is “%(value)s”: write a date as 2026-12-31."),
    "bad_datetime": _lt(
        "%(column)s is “%(value)s”: write a date and a time as 2026-12-31 23:59:59."
    ),
    "bad_bool": _lt("%(column)s is “%(value)s”: write 1 for yes, 0 for no."),
    "null_values": _lt(
        "%(file)s holds values that stand for none, such as ****, -99999 or NULL "
        "(cells: %(count)s): %(columns)s are read as void there."
    ),
    "key_void": _lt("%(column)s is void: give the row its code."),
    "key_doubled": _lt(
        "%(column)s “%(value)s” is on row %(first)s already, which is taken: give each "
        "row its own code."
    ),
    "orphan": _lt(
        "%(column)s “%(value)s” is no row of %(target)s: correct it, or deliver that "
        "row."
    ),
    "unknown_value": _lt(
        "%(column)s “%(value)s” is not in the list %(list)s: use one of its codes."
    ),
    "due_void": _lt("%(column)s is void: the grid of the contract wants a value."),
    "no_geometry": _lt("The row has no geometry: draw it."),
    "address_doubled": _lt(
        "%(column)s “%(value)s” is on row %(other)s too: keep one address, or correct "
        "it."
    ),
    "capacity_small": _lt(
        "The cable is too small (fibres: %(value)s, at least: %(limit)s): correct "
        "cb_capafo."
    ),
    "single_drops": _lt(
        "Drop cables of one fibre: %(count)s. They are taken as they are; correct "
        "cb_capafo if they have more."
    ),
    "capacity_big": _lt(
        "The cable is too big (fibres: %(value)s, at most: %(limit)s): correct "
        "cb_capafo."
    ),
    "capacities_differ": _lt(
        "The capacity is %(value)s, that of row %(first)s with the same reference "
        "%(reference)s is %(other)s: correct one of them."
    ),
    "dwellings_differ": _lt(
        "The address says dwellings: %(said)s, the delivery holds %(found)s: correct "
        "%(column)s or deliver the others."
    ),
    "sockets_differ": _lt(
        "The address says sockets: %(said)s, the delivery holds %(found)s: correct "
        "%(column)s or deliver the others."
    ),
    "far_from_address": _lt(
        "The node is %(metres)s m away from the address %(address)s, %(limit)s are "
        "allowed: move it, or correct the address."
    ),
    "two_zones": _lt(
        "The address is served by several SRO zones (%(zones)s): leave one."
    ),
    "cable_end_without_node": _lt(
        "End %(end)s of the line of cable %(value)s is on no node (%(x)s, %(y)s): draw "
        "it up to the node."
    ),
    "cable_end_without_box": _lt(
        "End %(end)s of the line of cable %(value)s is on a node without box or site "
        "(%(x)s, %(y)s): deliver the box, or draw the line up to it."
    ),
    "path_end_alone": _lt(
        "End %(end)s of path %(value)s is on no node and no path (%(x)s, %(y)s): draw "
        "it up to them."
    ),
    "path_end_without_point": _lt(
        "End %(end)s of path %(value)s is on a node without technical point or site "
        "(%(x)s, %(y)s): deliver the point."
    ),
    "area_leaves": _lt(
        "The zone goes beyond %(owner)s, to which it belongs, by %(metres)s m²: draw "
        "it again."
    ),
    "areas_overlap": _lt(
        "The zone overlaps %(other)s by %(metres)s m²: draw their border again."
    ),
    "far_from_zone": _lt(
        "The node %(node)s is out of the zone, %(metres)s m away: correct the node or "
        "the zone."
    ),
    "fibre_doubled": _lt(
        "Fibre %(number)s of tube %(tube)s is twice in cable %(cable)s, first on row "
        "%(first)s: number them again."
    ),
    "fibre_twice": _lt(
        "The fibre %(value)s is in %(column)s of several positions, first on row "
        "%(first)s: a fibre has one position at each end."
    ),
    "box_without_place": _lt(
        "The box %(box)s has neither technical point nor local: say where it is."
    ),
    "local_of_two_zones": _lt(
        "The local %(value)s is that of several SRO zones, first of row %(first)s: "
        "give each its own."
    ),
    "more_than_two_boxes": _lt(
        "The fibres of the cable are in more than two boxes (%(boxes)s): cut the cable "
        "at each box."
    ),
    "box_elsewhere": _lt(
        "The box %(box)s is on the node %(found)s, the end of the cable on %(node)s: "
        "correct one of them."
    ),
    # what hangs on the rows left out
    "hangs_route": _lt(
        "The route of position “%(value)s” breaks off or is not made: a row that it "
        "passes through is left out. Correct that row."
    ),
    "hangs_splice": _lt(
        "The splice of position “%(value)s” is not made, or lacks its box: a row that "
        "it depends on is left out. Correct that row."
    ),
    "hangs_fibre": _lt(
        "The fibre “%(value)s” is not made: its cable is left out. Correct the row of "
        "the cable."
    ),
    "hangs_link": _lt(
        "The link fibre “%(value)s” between NRO and PM breaks off: a row that it "
        "passes through is left out. Correct that row."
    ),
    # what the network cannot take
    "apply_no_reference": _lt(
        "The row has no reference and was left out: fill the column chosen for the "
        "reference."
    ),
    "apply_long_reference": _lt(
        "The reference “%(value)s” is too long (characters allowed: %(limit)s) and was "
        "left out: shorten it, or choose another column for the reference."
    ),
    "apply_doubled": _lt(
        "The reference “%(value)s” is on several rows, the first was taken: give each "
        "its own, or choose another column for the reference."
    ),
    "apply_taken": _lt(
        "The reference “%(value)s” is that of an object known by another code: the "
        "row was left out. Correct the reference or the code."
    ),
    "apply_other_reference": _lt(
        "The reference is now “%(value)s”: the object keeps its own. Change it in its "
        "form if operators may know it so."
    ),
    "apply_elsewhere": _lt(
        "The PM “%(value)s” is on another network already: check that the delivery is "
        "for this one."
    ),
    "apply_bad_outline": _lt(
        "The zone “%(value)s” is no surface within the territory: its PM has no "
        "outline of the delivery. Draw the zone again."
    ),
    "apply_no_pm": _lt(
        "No PM is known for “%(value)s”, which was left out: deliver the drawer, the "
        "zone or the splices that lead to it."
    ),
    "apply_no_address": _lt(
        "The socket “%(value)s” has no address in the network and was left out: "
        "deliver its dwelling and its address, or have missing buildings created."
    ),
    "apply_no_connector": _lt(
        "All connectors of the socket “%(value)s” are taken: this route was not wired "
        "to it. Check the drops that lead to it."
    ),
    "apply_mixed_splice": _lt(
        "The position “%(value)s” joins a transport fibre and another kind, and was "
        "left out: correct the kinds of the cables."
    ),
    "apply_spliced_twice": _lt(
        "The position “%(value)s” takes on a fibre that another takes on already, and "
        "was left out: correct ps_1 and ps_2."
    ),
    "apply_splice_to_start": _lt(
        "The position “%(value)s” comes back to the fibre behind a drawer, and was "
        "left out: correct ps_1 and ps_2."
    ),
    "apply_circle": _lt(
        "The position “%(value)s” is part of a circle of fibres, and was left out: "
        "correct ps_1 and ps_2."
    ),
    "apply_first_fibre_taken": _lt(
        "Another position of the network is on the first fibre of position "
        "“%(value)s”, which was left without: correct one of them."
    ),
    "apply_last_fibre_taken": _lt(
        "The route “%(value)s” ends on a fibre of another route, and was left without: "
        "correct one of them."
    ),
    "apply_pm_held": _lt(
        "Operators hold routes of PM “%(value)s”: it stays as it is. Give these routes "
        "back, or correct its state."
    ),
    "apply_box_held": _lt(
        "Operators hold routes of box “%(value)s”: it stays as it is. Give these "
        "routes back, or correct the delivery."
    ),
    "apply_building_held": _lt(
        "Operators hold routes of building “%(value)s”: it is not abandoned. Give "
        "these routes back, or correct the delivery."
    ),
    "apply_pto_held": _lt(
        "An operator holds a route of socket “%(value)s”: it stays as it is. Give the "
        "route back, or correct the delivery."
    ),
    "apply_cable_held": _lt(
        "Operators hold routes of cable “%(value)s”: it stays as it is. Give these "
        "routes back, or correct the delivery."
    ),
    "apply_fibre_held": _lt(
        "An operator holds the route of this fibre: it stays as it is. Give the route "
        "back, or correct the delivery."
    ),
    "apply_position_held": _lt(
        "An operator holds the route of position “%(value)s”: it stays as it is. Give "
        "the route back, or correct the delivery."
    ),
    "apply_route_held": _lt(
        "An operator holds the route “%(value)s”, which the delivery would change: it "
        "stays as it is. Give it back, or correct the delivery."
    ),
    "apply_splice_held": _lt(
        "An operator holds a route through the splice that position “%(value)s” would "
        "change: it stays as it is. Give the route back, or correct the delivery."
    ),
    "apply_drawn_ends": _lt(
        "The cable “%(value)s” names no node at one of its ends: the nodes where its "
        "line ends were taken. Check them, and fill cb_nd1 and cb_nd2."
    ),
    "apply_route_not_continued": _lt(
        "The route of position “%(value)s” breaks off behind “%(box)s”: no position "
        "takes on its fibre of cable “%(cable)s”. Deliver the position where it ends."
    ),
    "apply_route_open": _lt(
        "The route of position “%(value)s” breaks off in “%(box)s”: its last position "
        "goes nowhere from cable “%(cable)s”. Fill ps_2, or say that the fibre waits "
        "(ps_fonct AT)."
    ),
    "apply_route_fibre_absent": _lt(
        "The route of position “%(value)s” breaks off in “%(box)s”: the fibre that "
        "goes on from cable “%(cable)s” is not in the delivery. Deliver it, or correct "
        "the position."
    ),
    "apply_route_branches": _lt(
        "The route of position “%(value)s” breaks off behind “%(box)s”: several "
        "positions take on its fibre of cable “%(cable)s”. Leave one."
    ),
    "apply_route_long": _lt(
        "The route of position “%(value)s” goes through too many positions and was cut "
        "at “%(box)s”, cable “%(cable)s”: correct ps_1 and ps_2."
    ),
    "apply_route_loop": _lt(
        "The route of position “%(value)s” comes back to itself in “%(box)s”, cable "
        "“%(cable)s”: correct ps_1 and ps_2."
    ),
}


def message_text(env, key, params):
    """Return the sentence of a key in the user's language."""
    if key not in MESSAGES:
        return bulk.message_text(env, key, params)
    return env._(MESSAGES[key], **(params or {}))
