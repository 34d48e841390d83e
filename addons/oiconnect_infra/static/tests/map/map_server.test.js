import {describe, expect, test} from "@odoo/hoot";
import {ConnectionAbortedError} from "@web/core/network/rpc";
import {MapServer, StaleAnswer} from "@oiconnect_infra/map/map_server";

describe.current.tags("headless");

/** A server whose answers are given by the test. */
function server() {
    const requests = [];
    const call = (url, params) => {
        const request = Promise.withResolvers();
        request.promise.abort = () => {
            expect.step(`abort ${params.n}`);
            request.reject(new ConnectionAbortedError());
        };
        requests.push(request);
        expect.step(`${url} ${params.n}`);
        return request.promise;
    };
    return {map: new MapServer(call), requests};
}

test("a newer question aborts the older one", async () => {
    const {map, requests} = server();
    const first = map.ask("view", {n: 1});
    const second = map.ask("view", {n: 2});
    requests[1].resolve("second");
    await expect(first).rejects.toBeInstanceOf(StaleAnswer);
    await expect(second).resolves.toBe("second");
    expect.verifySteps(["/oiconnect/map/view 1", "abort 1", "/oiconnect/map/view 2"]);
});

test("an answer that comes after a newer question is dropped", async () => {
    const {map, requests} = server();
    const first = map.ask("view", {n: 1});
    requests[0].promise.abort = () => {};
    const second = map.ask("view", {n: 2});
    requests[0].resolve("old");
    requests[1].resolve("new");
    await expect(first).rejects.toBeInstanceOf(StaleAnswer);
    await expect(second).resolves.toBe("new");
    expect.verifySteps(["/oiconnect/map/view 1", "/oiconnect/map/view 2"]);
});

test("questions of other kinds do not disturb each other", async () => {
    const {map, requests} = server();
    const view = map.ask("view", {n: 1});
    const card = map.ask("card", {n: 2});
    requests[0].resolve("view");
    requests[1].resolve("card");
    await expect(view).resolves.toBe("view");
    await expect(card).resolves.toBe("card");
    expect.verifySteps(["/oiconnect/map/view 1", "/oiconnect/map/card 2"]);
});

test("an error of the server is shown as it is", async () => {
    const {map, requests} = server();
    const view = map.ask("view", {n: 1});
    requests[0].reject(new Error("no disk"));
    await expect(view).rejects.toThrow("no disk");
    expect.verifySteps(["/oiconnect/map/view 1"]);
});

test("leaving the map aborts the pending requests", async () => {
    const {map} = server();
    const view = map.ask("view", {n: 1});
    map.abort();
    await expect(view).rejects.toBeInstanceOf(StaleAnswer);
    expect.verifySteps(["/oiconnect/map/view 1", "abort 1"]);
});
