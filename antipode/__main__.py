"""`python -m antipode`"""

from antipode.cli import main

main()
