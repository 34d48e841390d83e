// Read with NODE_PATH set to the packages under OIC_HOME (scripts/tool.sh).
const js = require("@eslint/js");
const globals = require("globals");

module.exports = [
    js.configs.recommended,
    {
        files: ["addons/*/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {
                ...globals.browser,
                L: "readonly",
                luxon: "readonly",
                odoo: "readonly",
            },
        },
        linterOptions: {reportUnusedDisableDirectives: "error"},
        rules: {
            "array-callback-return": "error",
            eqeqeq: ["error", "always"],
            "no-console": "error",
            "no-eval": "error",
            "no-shadow": "error",
            "no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
            "no-var": "error",
            "prefer-const": "error",
            "prefer-template": "error",
        },
    },
];
