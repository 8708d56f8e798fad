"""Mail providers where anybody may have an address, so that a shared domain proves nothing."""

from __future__ import annotations

PUBLIC_PROVIDERS = frozenset(
    {
        *("gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.id", "yahoo.com.my", "ymail.com", "rocketmail.com"),
        *("outlook.com", "outlook.co.id", "outlook.my", "hotmail.com", "hotmail.co.id", "live.com", "live.com.my"),
        *("msn.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.com", "proton.me", "protonmail.com"),
        *("mail.com", "zoho.com", "yandex.com", "telkom.net", "plasa.com"),
    }
)
