"""Given and family names, from many places."""

_GIVEN = (
    "Aaron Abena Adrian Aisha Akira Alice Alva Amara Ana Andrei Anna Arjun Astrid Beatriz Ben "
    "Camille Carlos Chen Chloe Clara Daniel Daria David Deepa Diego Ella Elias Emeka Emma Erik "
    "Esra Fatima Felix Finn Florence Gabriel Grace Hana Hannah Haruto Helena Hugo Ida Imran Ines "
    "Ingrid Irina Isaac Ivan Jakub James Jana Joao Jonas Joseph Julia Kamal Karin Katarzyna Kenji "
    "Kofi Lars Laura Layla Leo Lien Lina Lucas Lucia Magnus Mai Marek Maria Marta Mateo Maya Mei "
    "Mila Minh Miriam Mohamed Nadia Naomi Nikhil Nina Noah Nora Olga Oliver Omar Oscar Paula Pedro "
    "Petra Priya Rafael Rania Ravi Rosa Ruth Sami Samuel Sara Sven Tara Thomas Tomas Vera Victor "
    "William Yara Yusuf Zoe"
)
_FAMILY = (
    "Abbott Adeyemi Ahmed Almeida Andersen Arslan Baker Banerjee Bauer Becker Berg Bianchi Brown "
    "Byrne Campbell Carter Castro Chan Clark Cohen Costa Cruz Dahl Das Diaz Doyle Dubois Dvorak "
    "Eriksen Evans Farah Fernandez Fischer Fontaine Fraser Garcia Ghosh Gray Green Gupta Haddad "
    "Hall Hansen Hayashi Hill Hoffman Horvat Hughes Hussein Ivanov Jensen Johansson Jones Kaplan "
    "Kaya Keller Khan Kim Kowalski Kumar Larsen Laurent Lee Lehmann Lewis Li Lin Lopez Machado "
    "Martin Mendes Meyer Miller Mensah Moore Moreau Murphy Nakamura Nair Nguyen Nielsen Novak "
    "O'Brien Okafor Olsen Ortiz Patel Pereira Petrov Popa Qureshi Ramos Reid Reyes Ricci Rossi "
    "Russo Sato Schmidt Schneider Shah Sharma Silva Singh Smith Suzuki Svensson Tanaka Taylor "
    "Torres Tran Turner Varga Wagner Walker Wang Weber White Wilson Wong Wright Yamamoto Yang "
    "Yilmaz Zhang Ziegler"
)
GIVEN = _GIVEN.split()
FAMILY = _FAMILY.split()
