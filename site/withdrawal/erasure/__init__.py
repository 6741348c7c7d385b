"""Personal data about a person: exported for them, erased at their request, and kept from coming back."""
