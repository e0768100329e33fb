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

export const SPELLED_OPERATORS = ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Bool", "BinaryEquals", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "IpAddress", "NotIpAddress", "Null"];

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

export const STATEMENT_KEYS = ["Effect", "Sid", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal", "NotPrincipal"];

export const CALLERS = ["aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist", "aws:sourcearn", "aws:viaawsservice", "iam:awsservicename", "iam:passedtoservice"];

export const NEAR = [4, 5];

export const OUTCOMES = ["added", "widened", "changed", "narrowed", "removed"];
