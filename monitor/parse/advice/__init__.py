"""Travel advice of foreign ministries: one entry per country, in the publisher's own words."""
