variable "name" {
  description = "The name of the database server, such as ims-sandbox."
  type        = string
}

variable "vpc_id" {
  description = "The network the server stands in."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in two availability zones at least."
  type        = list(string)
  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "Name two subnets at least, in different availability zones."
  }
}

variable "client_security_group_ids" {
  description = "The security groups of the web and worker machines. Nothing else can connect. By name of your choice, so that they may be made in the same run."
  type        = map(string)
}

variable "instance_class" {
  description = "The size of the server."
  type        = string
  default     = "db.m7g.large"
}

variable "storage_gib" {
  description = "Storage to begin with, in GiB. It grows by itself to five times as much."
  type        = number
  default     = 100
}

variable "multi_az" {
  description = "Whether a standby in a second zone takes over when the first fails."
  type        = bool
  default     = true
}

variable "postgresql_version" {
  description = "The major version of PostgreSQL."
  type        = number
  default     = 17
  validation {
    condition     = var.postgresql_version >= 15
    error_message = "The service needs PostgreSQL 15 or newer."
  }
}

variable "deletion_protection" {
  description = "Whether the server refuses to be deleted. Only a sandbox may say no."
  type        = bool
  default     = true
}
