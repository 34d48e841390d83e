import {ConnectionAbortedError, rpc} from "@web/core/network/rpc";
import {isSandbox} from "@oiconnect_base/sandbox/sandbox";

const ROOT = "/oiconnect/map/";

/** An answer that came after a newer question: it is ignored. */
export class StaleAnswer extends Error {}

/** The map's questions to the server: of each kind, only the last one is answered. */
export class MapServer {
    constructor(call = rpc) {
        this.call = call;
        this.pending = {};
    }

    async ask(route, params = {}) {
        this.pending[route]?.abort?.();
        const asked = isSandbox ? {...params, sandbox: true} : params;
        const request = this.call(ROOT + route, asked, {silent: true});
        this.pending[route] = request;
        try {
            const answer = await request;
            this.check(route, request);
            return answer;
        } catch (error) {
            this.check(route, request);
            throw error instanceof ConnectionAbortedError ? new StaleAnswer() : error;
        } finally {
            if (this.pending[route] === request) {
                delete this.pending[route];
            }
        }
    }

    check(route, request) {
        if (this.pending[route] !== request) {
            throw new StaleAnswer();
        }
    }

    /** Abort the pending requests, all of them or of one route. */
    abort(...routes) {
        for (const route of routes.length ? routes : Object.keys(this.pending)) {
            const request = this.pending[route];
            delete this.pending[route];
            request?.abort?.();
        }
    }
}
