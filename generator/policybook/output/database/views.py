"""The views of the database: the questions that people ask, each as a SELECT."""

from __future__ import annotations

from policybook.output.database.declarations import DataView

VIEWS = (
    DataView(
        name="who_grants",
        text="Which policies grant an action? Also those that grant everything.",
        sql="""
SELECT a.name AS action, a.level, p.name AS policy, p.arn, p.state, e.in_full
FROM effective_actions e
JOIN actions a ON a.id = e.action_id
JOIN policies p ON p.id = e.policy_id""",
    ),
    DataView(
        name="how_granted",
        text=(
            "Through which statement does a policy grant an action, on which resources, under"
            " which condition, and how certainly? Without statements about all services."
        ),
        sql="""
SELECT a.name AS action, a.level, p.name AS policy, s.number AS statement, s.actions,
  s.resources, s.not_resources, s.condition, g.certainty
FROM action_grants g
JOIN actions a ON a.id = g.action_id
JOIN statements s ON s.id = g.statement_id
JOIN policies p ON p.id = s.policy_id""",
    ),
    DataView(
        name="all_grants",
        text="What does the current version of a policy say, grant by grant?",
        sql="""
SELECT p.name AS policy, v.key AS version, s.number AS statement, g.place, s.sid, s.effect,
  a.pattern AS action, CASE WHEN s.not_actions THEN s.actions END AS not_action,
  r.pattern AS resource, CASE WHEN s.not_resources THEN s.resources END AS not_resource,
  s.condition, g.in_form_since
FROM grants g
JOIN statements s ON s.id = g.statement_id
JOIN policies p ON p.id = s.policy_id
JOIN versions v ON v.id = s.version_id
LEFT JOIN action_patterns a ON a.id = g.action_pattern_id
LEFT JOIN resource_patterns r ON r.id = g.resource_pattern_id""",
    ),
    DataView(
        name="policy_levels",
        text="How many effective actions of each access level does a policy have?",
        sql="""
SELECT p.name AS policy, a.level, count(*) AS actions,
  sum(CASE WHEN e.in_full THEN 1 ELSE 0 END) AS in_full
FROM effective_actions e
JOIN actions a ON a.id = e.action_id
JOIN policies p ON p.id = e.policy_id
GROUP BY p.name, a.level""",
    ),
    DataView(
        name="policy_services",
        text="In which services does a policy grant something, and how much?",
        sql="""
SELECT p.name AS policy, s.prefix AS service, s.name AS service_name, count(*) AS actions
FROM effective_actions e
JOIN actions a ON a.id = e.action_id
JOIN services s ON s.id = a.service_id
JOIN policies p ON p.id = e.policy_id
GROUP BY p.name, s.prefix, s.name""",
    ),
    DataView(
        name="effective_changes",
        text="What changed, and how? Without first versions and changes without effect.",
        sql="""
SELECT c.day, p.name AS policy, c.key, c.kind, c.verdict, c.headline, c.note,
  b.key AS compared_with, c.services, c.levels
FROM changes c
JOIN policies p ON p.id = c.policy_id
LEFT JOIN versions b ON b.id = c.compared_with
WHERE c.verdict NOT IN ('identical', 'equivalent')""",
    ),
    DataView(
        name="changed_actions",
        text="Which change gained or lost an action pattern? A row for each pattern.",
        sql="""
SELECT c.day, p.name AS policy, c.key, e.sign, e.kind, e.effect, j.value AS action,
  e.not_actions, e.resources, e.not_resources, e.condition
FROM change_evidence e
JOIN json_each(e.actions) j
JOIN changes c ON c.id = e.change_id
JOIN policies p ON p.id = c.policy_id""",
    ),
    DataView(
        name="removed_permissions",
        text="What was removed, when, and was it restored?",
        sql="""
SELECT r.day, p.name AS policy, c.key, b.key AS before, v.key AS version, r.kind, r.service,
  r.restored_by, r.lost
FROM removals r
JOIN policies p ON p.id = r.policy_id
JOIN changes c ON c.id = r.change_id
JOIN versions b ON b.id = r.before_id
JOIN versions v ON v.id = r.version_id""",
    ),
    DataView(
        name="use_instead",
        text="Which policies are deprecated or on the way out, and what is used instead?",
        sql="""
SELECT p.name AS policy, p.arn, p.state, p.state_since, p.state_precision, s.name AS successor,
  s.how, s.verdict, s.lost, s.gained, s.lacks, s.adds
FROM policies p
LEFT JOIN successors s ON s.policy_id = p.id
WHERE p.state <> 'current'""",
    ),
    DataView(
        name="matched_risks",
        text="Which risk rules does a policy match, what limits the risk, and since when?",
        sql="""
SELECT p.name AS policy, r.rule, r.title, r.kind, m.mitigation, m.since, m.since_day,
  m.first_seen
FROM risks m
JOIN risk_rules r ON r.id = m.risk_rule_id
JOIN policies p ON p.id = m.policy_id""",
    ),
    DataView(
        name="overlapping_policies",
        text="Which policies contain, equal or nearly equal a policy?",
        sql="""
SELECT p.name AS policy, o.relation, q.name AS other, o.more, o.less, o.covers, o.covered
FROM "overlaps" o
JOIN policies p ON p.id = o.policy_id
JOIN policies q ON q.id = o.other_id""",
    ),
    DataView(
        name="used_conditions",
        text="Which statements use a condition key, with which operator and values?",
        sql="""
SELECT k.key AS condition_key, p.name AS policy, s.number AS statement, s.effect, c.operator,
  c.key AS written, c.key_values
FROM condition_clauses c
JOIN condition_keys k ON k.id = c.condition_key_id
JOIN statements s ON s.id = c.statement_id
JOIN policies p ON p.id = s.policy_id""",
    ),
)
