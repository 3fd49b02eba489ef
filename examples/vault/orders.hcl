path "secret/data/production/orders" {
  capabilities = ["read"]
}

path "secret/data/production/payments" {
  capabilities = ["read"]
}
