# A small database to try the service with, in an existing network.
terraform {
  required_version = ">= 1.7"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = var.region
  default_tags {
    tags = { service = "localgov-ims", environment = "sandbox" }
  }
}

variable "region" {
  description = "Where the data is kept. London by default."
  type        = string
  default     = "eu-west-2"
}

variable "vpc_id" {
  description = "The network the database stands in."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in two availability zones at least."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "The security groups that may connect, each under a name of your choice."
  type        = map(string)
}

module "database" {
  source = "../../modules/database"

  name                      = "ims-sandbox"
  vpc_id                    = var.vpc_id
  subnet_ids                = var.subnet_ids
  client_security_group_ids = var.client_security_group_ids
  instance_class            = "db.t4g.medium"
  storage_gib               = 20
  multi_az                  = false
  deletion_protection       = false
}

output "database_address" {
  description = "The host of DATABASE_URL."
  value       = module.database.address
}

output "master_user_secret_arn" {
  description = "Where the first user's password is kept."
  value       = module.database.master_user_secret_arn
}
