"""Documents as readers find them and as the public gets them, without models: every text and hidden data in
them with its position, and copies without hidden data.
"""
