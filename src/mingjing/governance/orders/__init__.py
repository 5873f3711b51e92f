"""Maintenance (HB361, 12; SC799, 15): contracts, fault orders with their times, planned outages."""
