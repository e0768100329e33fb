// The theme's scripts run in browsers, as modules but for two that have to run before the page is
// painted. Modules without access to the page are the default: their tests run in Node.
import js from "@eslint/js";
import globals from "globals";

const theme = "templates/theme";
const assets = `${theme}/assets`;

export default [
  { ignores: ["node_modules/", "site/", ".site.building-*/", ".venv/", ".cache/", "dist/", "build/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "consistent-return": "off", // tsc's noImplicitReturns knows more
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", 40],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-arrow-callback": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    name: "modules that work on the page",
    files: [
      `${assets}/*.js`,
      `${assets}/check/{about,findings-list,managed,page,parts,view,worker}.js`,
      `${assets}/lists/{bar,cells,list,marks,near,shape,source}.js`,
      `${assets}/compare/{columns,more,page,result,worker}.js`,
      `${assets}/{choose,granted}/{page,result,worker}.js`,
      `${assets}/tools/{action-links,asking,evidence,picker,risks,side,sources,trouble}.js`,
      `${assets}/policy/{as-of,comparisons,documents,first-rows,form,names,page,rows,sections,statements}.js`,
      `${assets}/plots/*.js`,
      `${assets}/finder/{box,boxes,combobox,fetching,missing,results,results-page}.js`,
    ],
    languageOptions: { globals: globals.browser },
  },
  {
    name: "modules that the page does not concern",
    files: [`${assets}/**/*.js`],
    languageOptions: { globals: { TextEncoder: "readonly", URLSearchParams: "readonly" } },
  },
  {
    name: "scripts that run before the page is painted",
    files: [`${theme}/header.js`, `${assets}/scope.js`, `${assets}/announce.js`],
    languageOptions: {
      sourceType: "script",
      globals: { ...globals.browser, __md_get: "readonly", __md_hash: "readonly" },
    },
    rules: { "no-redeclare": "off", "no-var": "off" }, // they are what the theme expects
  },
  {
    name: "tests",
    files: ["tests/**/*.js"],
    languageOptions: { globals: globals.nodeBuiltin },
    rules: { "max-lines-per-function": "off" },
  },
];
