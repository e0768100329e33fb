// The tables of the rules, written by tests/support/engine/rules.py from those of the program.
// `UPDATE_GOLDEN=1 pytest tests/engine/test_rules.py` writes them anew.

export const LIMITS = {
  "textSteps": 30000,
  "textVariables": 8,
  "samples": 50,
  "valueSets": 4000,
  "comparedValues": 1000000,
  "kinds": 20000,
  "triedValues": 8,
  "documentBytes": 2000000,
  "documentDepth": 32,
};

export const OPERATORS = {
  "stringequals": ["string", false],
  "stringequalsignorecase": ["string", false],
  "stringlike": ["string", false],
  "stringnotequals": ["string", true],
  "stringnotequalsignorecase": ["string", true],
  "stringnotlike": ["string", true],
  "arnequals": ["arn", false],
  "arnlike": ["arn", false],
  "arnnotequals": ["arn", true],
  "arnnotlike": ["arn", true],
  "bool": ["bool", false],
  "binaryequals": ["binary", false],
  "numericequals": ["number", false],
  "numericnotequals": ["number", true],
  "numericlessthan": ["number", false],
  "numericlessthanequals": ["number", false],
  "numericgreaterthan": ["number", false],
  "numericgreaterthanequals": ["number", false],
  "dateequals": ["date", false],
  "datenotequals": ["date", true],
  "datelessthan": ["date", false],
  "datelessthanequals": ["date", false],
  "dategreaterthan": ["date", false],
  "dategreaterthanequals": ["date", false],
  "ipaddress": ["ip", false],
  "notipaddress": ["ip", true],
  "null": ["null", false],
};

export const PARTITIONS = ["*", "aws", "aws-cn", "aws-us-gov"];

export const CERTAINTIES = ["yes", "conditional", "unsupported", "no"];

export const GRANTED = ["yes", "conditional"];

export const MITIGATIONS = {
  "none": 15,
  "scoped or conditional": 14,
  "scoped": 10,
  "conditional": 12,
  "scoped and conditional": 8,
};

export const ENVELOPES = [["PolicyVersion", "Document"], ["Document"]];

export const DOCUMENT = {
  "$ref": "#/$defs/DocumentFile",
  "$defs": {"DocumentFile": {"type": "object", "properties": {"Statement": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/StatementFile"}}, {"$ref": "#/$defs/StatementFile"}]}, "Version": {"enum": ["2008-10-17", "2012-10-17"]}, "Id": {"anyOf": [{"type": "string"}, {"type": "null"}]}}, "required": ["Statement"], "additionalProperties": false}, "StatementFile": {"type": "object", "properties": {"Effect": {"enum": ["Allow", "Deny"]}, "Sid": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "Action": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}, "NotAction": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}, "Resource": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}, "NotResource": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}, "Condition": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "boolean"}, {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "boolean"}]}}]}}}, "Principal": {}, "NotPrincipal": {}}, "required": ["Effect"], "additionalProperties": false}},
};
