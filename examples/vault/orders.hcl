# DATABASE_URL, SESSION_KEY
path "secret/data/production/orders" {
  capabilities = ["read"]
}

# PAYMENT_TOKEN
path "secret/data/production/payments" {
  capabilities = ["read"]
}
