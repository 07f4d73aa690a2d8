"""One door each to aiogram, vkbottle and aiosmtplib."""
