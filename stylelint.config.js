// A rule with few declarations is written on one line here, and rules are grouped by what they are for
// rather than by specificity.
export default {
  extends: "stylelint-config-standard",
  reportNeedlessDisables: true,
  rules: {
    "declaration-block-single-line-max-declarations": null,
    "declaration-empty-line-before": null,
    "rule-empty-line-before": null,
    "at-rule-empty-line-before": null,
    "comment-empty-line-before": null,
    "custom-property-empty-line-before": null,
    "no-descending-specificity": null,
    "number-max-precision": 6,
    "value-keyword-case": ["lower", { ignoreProperties: [/font-family/] }],
    "selector-class-pattern": "^(pb|md|headerlink|no-js)(-|__|--|[a-z0-9])*$",
    "custom-property-pattern": "^(pb|md)-|^c$",
  },
};
