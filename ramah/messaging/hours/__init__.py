"""Hours: several windows a day, past midnight, special days; and what the bot does outside of them."""
