"""The places and lines of the company that the bench of detection makes."""

from dataclasses import dataclass

# country, region, city, latitude, longitude
CITIES = [
    ("US", "Massachusetts", "Boston", 42.36, -71.06),
    ("US", "New York", "New York", 40.71, -74.01),
    ("US", "California", "San Francisco", 37.77, -122.42),
    ("US", "Texas", "Austin", 30.27, -97.74),
    ("US", "Illinois", "Chicago", 41.88, -87.63),
    ("GB", "England", "London", 51.51, -0.13),
    ("GB", "England", "Manchester", 53.48, -2.24),
    ("DE", "Berlin", "Berlin", 52.52, 13.41),
    ("DE", "Bavaria", "Munich", 48.14, 11.58),
    ("FR", "Ile-de-France", "Paris", 48.86, 2.35),
    ("FR", "Auvergne-Rhone-Alpes", "Lyon", 45.76, 4.84),
    ("ES", "Madrid", "Madrid", 40.42, -3.70),
    ("IN", "Karnataka", "Bengaluru", 12.97, 77.59),
    ("IN", "Maharashtra", "Mumbai", 19.08, 72.88),
    ("SG", None, "Singapore", 1.35, 103.82),
    ("JP", "Tokyo", "Tokyo", 35.68, 139.69),
    ("AU", "New South Wales", "Sydney", -33.87, 151.21),
    ("BR", "Sao Paulo", "Sao Paulo", -23.55, -46.63),
    ("MX", "Mexico City", "Mexico City", 19.43, -99.13),
    ("CA", "Ontario", "Toronto", 43.65, -79.38),
    ("PL", "Mazovia", "Warsaw", 52.23, 21.01),
    ("NL", "North Holland", "Amsterdam", 52.37, 4.90),
    ("IT", "Lombardy", "Milan", 45.46, 9.19),
    ("PT", "Lisbon", "Lisbon", 38.72, -9.14),
    ("NG", "Lagos", "Lagos", 6.52, 3.38),
    ("VN", "Ho Chi Minh", "Ho Chi Minh City", 10.82, 106.63),
    ("RU", "Moscow", "Moscow", 55.76, 37.62),
    ("UA", "Kyiv", "Kyiv", 50.45, 30.52),
    ("ZA", "Gauteng", "Johannesburg", -26.20, 28.05),
    ("ID", "Jakarta", "Jakarta", -6.21, 106.85),
]
OFFICES = (0, 5, 12)
KINDS = ("isp", "isp", "mobile", "hosting", "vpn")


@dataclass
class Line:
    """An access line: where the database puts it, and its network."""

    city: int
    network: int  # index into KINDS
    number: int

    def ip(self) -> str:
        return f"{20 + self.city}.{self.network}.{self.number // 250 % 250}.{self.number % 250 + 1}"

    @property
    def asn(self) -> int:
        if KINDS[self.network] in ("hosting", "vpn"):
            return 60000 + self.network * 10 + self.number % 4
        country = CITIES[self.city][0]
        return 1000 + 10 * (ord(country[0]) * 26 + ord(country[1])) + self.network
