"""Telegram: one bot is one channel account, through python-telegram-bot."""
