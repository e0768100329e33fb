"""policybook: a knowledge base of IAM managed policies, from YAML to a static site."""

__version__ = "0.1.0"
