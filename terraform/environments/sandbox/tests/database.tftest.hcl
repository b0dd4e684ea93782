# No account and no network: the provider's answers are made up, the plan is real.
mock_provider "aws" {}

variables {
  name                      = "ims-test"
  vpc_id                    = "vpc-0123456789abcdef0"
  subnet_ids                = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  client_security_group_ids = { web = "sg-0123456789abcdef0", worker = "sg-0123456789abcdef1" }
}

run "the_module_is_safe_by_default" {
  command = plan

  module {
    source = "../../modules/database"
  }

  assert {
    condition     = aws_db_instance.this.storage_encrypted && !aws_db_instance.this.publicly_accessible
    error_message = "The database is encrypted and private."
  }

  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.password == null
    error_message = "The password is AWS's to make: none is written here."
  }

  assert {
    condition     = aws_db_instance.this.iam_database_authentication_enabled == false
    error_message = "The service signs in with a password, so no second way stays open."
  }

  assert {
    condition     = aws_db_instance.this.backup_retention_period == 35 && aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot
    error_message = "Backups are kept for 35 days and the database cannot be deleted by mistake."
  }

  assert {
    condition     = aws_db_instance.this.multi_az
    error_message = "A standby takes over."
  }

  assert {
    condition     = one([for each in aws_db_parameter_group.this.parameter : each.value if each.name == "max_locks_per_transaction"]) == "1024"
    error_message = "One transaction may lock the tables of many councils."
  }

  assert {
    condition     = one([for each in aws_db_parameter_group.this.parameter : each.value if each.name == "rds.force_ssl"]) == "1"
    error_message = "Nobody connects without TLS."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.client) == 2 && alltrue([for each in aws_vpc_security_group_ingress_rule.client : each.cidr_ipv4 == null && each.from_port == 5432 && each.to_port == 5432])
    error_message = "Only the named security groups connect, and only to PostgreSQL."
  }
}

run "an_old_postgresql_is_refused" {
  command = plan

  module {
    source = "../../modules/database"
  }

  variables {
    postgresql_version = 14
  }

  expect_failures = [var.postgresql_version]
}

run "the_sandbox_is_made_whole" {
  command = apply

  assert {
    condition     = var.region == "eu-west-2"
    error_message = "Data stays in the UK unless somebody says otherwise."
  }

  assert {
    condition     = output.database_address != ""
    error_message = "The address is what DATABASE_URL needs."
  }
}
