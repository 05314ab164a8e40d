"""What ministries tell the public: who has said what, travel advice over time, its signals."""
