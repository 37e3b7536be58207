"""What residents say: questionnaires, who is asked, answers, and what they say of everybody."""
