"""What is held about a person: given out to them, erased for them, and kept from coming back."""
