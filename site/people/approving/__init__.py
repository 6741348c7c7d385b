"""The family's approval: a link without an account, notes beside passages, an answer to one exact version."""
