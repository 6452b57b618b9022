"""A company that does not exist: its people, where they are, and the logs its providers would keep.

The rooms, in the order in which a company comes about:

    blocks    the address blocks there are
    world     address blocks by city and by kind of network, from a geo database
    clock     local working hours, daylight saving
    lines     how somebody reaches the internet: home, office, carrier, VPN, relay
    company   offices and what colleagues share
    people    who works there and what is peculiar about each
    travel    trips: business, conferences, holidays, several colleagues together
    days      what one person does in a day, as sessions
    noise     service accounts, the providers' own machines, password spray
    attacks   accounts used by somebody else: the kinds, and how one is planted
    diary     all sessions of all people, as columns
    uses      sessions become single events
    render/   events become the records of one provider, one file a provider

The same seed gives the same bytes. Nothing here reads the clock.
"""
