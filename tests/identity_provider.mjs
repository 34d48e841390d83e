// A provider of OpenID Connect that knows one person: oidc-provider, of the registry.
// Its state is a file, read at each request: who comes ({sub, claims, amr}) and, in
// `spoil`, what is wrong with the tokens it gives.
import crypto from "node:crypto";
import fs from "node:fs";
import {pathToFileURL} from "node:url";

const [modules, port, stateFile, redirectUri] = process.argv.slice(2);
const entry = `${modules}/oidc-provider/lib/index.js`;
const {default: Provider} = await import(pathToFileURL(entry));
const issuer = `http://127.0.0.1:${port}`;
const state = () => JSON.parse(fs.readFileSync(stateFile, "utf-8"));

function makeKey() {
    const {privateKey} = crypto.generateKeyPairSync("rsa", {modulusLength: 2048});
    const kid = crypto.randomBytes(8).toString("hex");
    return {
        privateKey,
        jwk: {...privateKey.export({format: "jwk"}), kid, use: "sig", alg: "RS256"},
    };
}
const own = makeKey();
const foreign = makeKey();

const provider = new Provider(issuer, {
    clients: [
        {
            client_id: "oiconnect",
            client_secret: "a secret that both have",
            redirect_uris: [redirectUri],
            grant_types: ["authorization_code"],
            response_types: ["code"],
        },
    ],
    jwks: {keys: [own.jwk]},
    claims: {openid: ["sub"], email: ["email"], profile: ["name", "groups"]},
    conformIdTokenClaims: false,
    pkce: {required: () => true},
    features: {devInteractions: {enabled: false}},
    cookies: {keys: ["a word for tests"]},
    interactions: {url: (ctx, interaction) => `/interaction/${interaction.uid}`},
    findAccount: (ctx, sub) => ({
        accountId: sub,
        claims: () => ({sub, ...state().claims}),
    }),
    async loadExistingGrant(ctx) {
        const grant = new ctx.oidc.provider.Grant({
            clientId: ctx.oidc.client.clientId,
            accountId: ctx.oidc.session.accountId,
        });
        grant.addOIDCScope("openid email profile");
        await grant.save();
        return grant;
    },
});

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

// Returns the token with other claims, another key or another algorithm.
function spoiled(token, {claims, key, alg = "RS256"}) {
    const [, payload] = token.split(".");
    const content = {...JSON.parse(Buffer.from(payload, "base64url")), ...claims};
    const signed = `${encode({alg, kid: own.jwk.kid})}.${encode(content)}`;
    if (alg === "none") return `${signed}.`;
    if (alg === "HS256") {
        const secret = crypto
            .createPublicKey(own.privateKey)
            .export({type: "spki", format: "pem"});
        return `${signed}.${crypto.createHmac("sha256", secret).update(signed).digest("base64url")}`;
    }
    const {privateKey} = key === "foreign" ? foreign : own;
    return `${signed}.${crypto.sign("RSA-SHA256", signed, privateKey).toString("base64url")}`;
}

provider.use(async (ctx, next) => {
    if (ctx.path.startsWith("/interaction/")) {
        // There is no page: the person of the state file has typed a password.
        const {sub} = state();
        ctx.respond = false;
        return provider.interactionFinished(ctx.req, ctx.res, {
            login: {accountId: sub},
        });
    }
    await next();
    const {amr, spoil} = state();
    if (ctx.path === "/token" && ctx.body?.id_token && (amr || spoil)) {
        const claims = {...(amr && {amr}), ...spoil?.claims};
        ctx.body.id_token = spoiled(ctx.body.id_token, {...spoil, claims});
    }
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
