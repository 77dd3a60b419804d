def check(tally, folder):
    pass
