"""Cases in the hands of outside bodies (外部单位协办): a link for who has no account, to look and to answer by.

`actions` and `queries` are the dispatcher's; `body` is what the body reads and does with the link.
"""
