"""A stand-in for gateways of linked WhatsApp phones: one small WhatsApp behind five dialects."""
