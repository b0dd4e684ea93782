output "address" {
  description = "The host of DATABASE_URL."
  value       = aws_db_instance.this.address
}

output "master_user_secret_arn" {
  description = "Where the first user's password is kept. It is needed once, to run infra/postgres/roles.sql."
  value       = one(aws_db_instance.this.master_user_secret[*].secret_arn)
}

output "security_group_id" {
  description = "The security group of the server."
  value       = aws_security_group.this.id
}
