//! aws-sm: and aws-ssm: references for Configcheck: AWS Secrets Manager and Parameter Store.
