"""What happens if: the customer tries a call without making it."""
