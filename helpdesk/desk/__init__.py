"""The desk: cases, the people who answer them, and what goes between a family and them.

Everything here is a plain function inside one transaction, or pure. What is to be sent is written
down as posts (`helpdesk.desk.posts`); ``bot`` sends them and tells what became of each.
"""
