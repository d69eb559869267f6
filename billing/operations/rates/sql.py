"""The statements that compare a deck with a tariff and bring the tariff to it, on all prefixes at once."""

STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS billing_rate_deck (
    prefix text, time_slot text, destination text, country text, connect_fee numeric, free_seconds int,
    first_interval int, next_interval int, price_first numeric, price_next numeric, minimum_charge numeric,
    starts timestamptz, ends timestamptz, known bigint, same boolean, PRIMARY KEY (prefix, time_slot)
) ON COMMIT DROP;
TRUNCATE billing_rate_deck
"""
COPY = """
COPY billing_rate_deck (prefix, time_slot, destination, country, connect_fee, free_seconds, first_interval,
    next_interval, price_first, price_next, minimum_charge, starts, ends)
FROM STDIN (FORMAT csv, FORCE_NOT_NULL (destination, country))
"""
# Each new price against the one in force when it begins.
COMPARE = """
UPDATE billing_rate_deck AS deck SET known = found.id, same = (
    (found.destination, found.country, found.connect_fee, found.free_seconds, found.first_interval,
     found.next_interval, found.price_first, found.price_next, found.minimum_charge)
    = (deck.destination, deck.country, deck.connect_fee, deck.free_seconds, deck.first_interval,
       deck.next_interval, deck.price_first, deck.price_next, deck.minimum_charge)
    AND found.effective_to IS NOT DISTINCT FROM deck.ends)
FROM (
    SELECT DISTINCT ON (rate.prefix, rate.time_slot) rate.*
    FROM billing_rate AS rate JOIN billing_rate_deck AS new USING (prefix, time_slot)
    WHERE rate.tariff_id = %(tariff)s AND (rate.effective_from IS NULL OR rate.effective_from <= new.starts)
        AND (rate.effective_to IS NULL OR rate.effective_to > new.starts)
    ORDER BY rate.prefix, rate.time_slot, rate.effective_from DESC NULLS LAST
) AS found WHERE (found.prefix, found.time_slot) = (deck.prefix, deck.time_slot)
"""
# What is in force and not in the deck. The other time slots of a prefix that is in it end when all its new prices have
# begun, whether or not the deck has a date of its own for them; a prefix that is not in it ends at the deck's date.
GONE = """
SELECT rate.id, rate.prefix, rate.time_slot, rate.destination, rate.price_next, named.starts IS NOT NULL, gone.ends
FROM billing_rate AS rate
LEFT JOIN (SELECT prefix, max(starts) AS starts FROM billing_rate_deck GROUP BY prefix) AS named USING (prefix)
CROSS JOIN LATERAL (SELECT coalesce(named.starts, %(at)s) AS ends) AS gone
WHERE rate.tariff_id = %(tariff)s AND (rate.effective_from IS NULL OR rate.effective_from <= gone.ends)
    AND (rate.effective_to IS NULL OR rate.effective_to > gone.ends)
    AND NOT EXISTS (SELECT FROM billing_rate_deck AS deck
                    WHERE (deck.prefix, deck.time_slot) = (rate.prefix, rate.time_slot))
ORDER BY rate.prefix, rate.time_slot
"""
# Where the price a minute is the same, what comes first of first interval, fee and minimum says which way it went.
DIFFERENCE = """
SELECT CASE WHEN known IS NULL THEN 'new'
        WHEN (deck.price_next, deck.price_first, deck.connect_fee, deck.minimum_charge)
            > (rate.price_next, rate.price_first, rate.connect_fee, rate.minimum_charge) THEN 'raised'
        WHEN (deck.price_next, deck.price_first, deck.connect_fee, deck.minimum_charge)
            < (rate.price_next, rate.price_first, rate.connect_fee, rate.minimum_charge) THEN 'lowered'
        ELSE 'changed' END,
    deck.prefix, deck.time_slot, deck.destination, rate.price_next, deck.price_next, deck.starts
FROM billing_rate_deck AS deck LEFT JOIN billing_rate AS rate ON rate.id = deck.known
WHERE same IS NOT TRUE ORDER BY deck.prefix, deck.time_slot
"""
COUNT_SAME = "SELECT count(*) FROM billing_rate_deck WHERE same"
# A price that would begin at the very moment at which the old one began takes its place.
TAKE_PLACE = """
DELETE FROM billing_rate AS rate USING billing_rate_deck AS deck
WHERE rate.tariff_id = %(tariff)s AND (rate.prefix, rate.time_slot) = (deck.prefix, deck.time_slot)
    AND rate.effective_from = deck.starts AND deck.same IS NOT TRUE
"""
END_OLD = """
UPDATE billing_rate AS rate SET effective_to = deck.starts
FROM billing_rate_deck AS deck WHERE rate.id = deck.known AND NOT deck.same
"""
ADD_NEW = """
INSERT INTO billing_rate (tariff_id, prefix, time_slot, destination, country, connect_fee, free_seconds,
    first_interval, next_interval, price_first, price_next, minimum_charge, effective_from, effective_to)
SELECT %(tariff)s, prefix, time_slot, destination, country, connect_fee, free_seconds, first_interval, next_interval,
    price_first, price_next, minimum_charge, starts, ends
FROM billing_rate_deck WHERE same IS NOT TRUE ORDER BY prefix, time_slot
"""
END_GONE = """
UPDATE billing_rate AS rate SET effective_to = gone.ends
FROM unnest(%(ids)s::bigint[], %(ends)s::timestamptz[]) AS gone (id, ends)
WHERE rate.id = gone.id AND rate.effective_from IS DISTINCT FROM gone.ends
"""
DELETE_GONE = """
DELETE FROM billing_rate AS rate USING unnest(%(ids)s::bigint[], %(ends)s::timestamptz[]) AS gone (id, ends)
WHERE rate.id = gone.id AND rate.effective_from = gone.ends
"""
