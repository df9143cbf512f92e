"""A number of partners → an empty database filled by itself with a market of that size: plain rows, no real words."""

from time import sleep
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

# Per partner: 1 contact, 3 capabilities, 2 collaborations, 3 letters, 1 message in; per five partners one opportunity
# with 25 matches, 100 who stand in reserve behind them and 10 introductions. %(n)s is the number of partners.
ROWS = (
    """INSERT INTO competency (key, kind, label, definition)
       SELECT 'practice-' || i, 'practice', 'Practice ' || i, 'What practice ' || i || ' is.'
       FROM generate_series(1, 100) i""",
    """INSERT INTO partner (key, name, country, city, n_people, languages, profile, state, created_at, changed_at,
                            read_at)
       SELECT 'firm-' || i, 'Firm ' || i, (ARRAY['IE','GB','DE','FR','NL','PL','ES','IT'])[1 + i %% 8], 'City ' || i,
              1 + i %% 300, '{en}', 'We look after networks of kind ' || i %% 100 || '.',
              CASE WHEN i %% 20 = 0 THEN 'draft' WHEN i %% 33 = 0 THEN 'paused' ELSE 'live' END,
              now() - i %% 900 * interval '1 day', now() - i %% 90 * interval '1 day', now()
       FROM generate_series(1, %(n)s) i""",
    """INSERT INTO contact (partner_id, email, name, verified_at)
       SELECT i, 'anna@firm-' || i || '.example', 'Anna ' || i,
              CASE WHEN i %% 20 > 0 THEN now() - interval '90 days' END
       FROM generate_series(1, %(n)s) i""",
    """INSERT INTO capability (partner_id, competency_key, text, text_hash, source, created_at)
       SELECT i, 'practice-' || 1 + (i + j) %% 100, 'Does ' || i || ' ' || j, md5(i || ' ' || j),
              'profile', now() - interval '1 day'
       FROM generate_series(1, %(n)s) i, generate_series(1, 3) j""",
    """INSERT INTO embedding (text_hash, model, vector)
       SELECT text_hash, 'bench@1', decode(repeat(text_hash, 32), 'hex') FROM capability ORDER BY id""",
    """INSERT INTO badge (partner_id, competency_key, level, awarded_on)
       SELECT i, 'practice-' || 1 + i %% 100, 'gold', '2026-01-01' FROM generate_series(1, %(n)s) i""",
    """INSERT INTO bench_person (partner_id, name, competency_keys, level, free_days)
       SELECT i, 'P. ' || i, ARRAY['practice-' || 1 + i %% 100], 'senior', 20 FROM generate_series(1, %(n)s) i""",
    """INSERT INTO collaboration (lead_id, partner_id, competency_key, started_on, ended_on, summary, outcome)
       SELECT i, 1 + (i * 7 + j) %% %(n)s, 'practice-' || j, '2024-01-01', '2024-06-01', 'work ' || j, 'won'
       FROM generate_series(1, %(n)s) i, generate_series(1, 2) j WHERE i <> 1 + (i * 7 + j) %% %(n)s""",
    """INSERT INTO consent (contact_id, subject, given, how, at)
       SELECT i, 'digest', true, 'the form', now() - interval '90 days' FROM generate_series(1, %(n)s) i""",
    """INSERT INTO posting (key, channel, contact_id, text, received_at)
       SELECT 'bench:' || i, 'web', 1 + i * 5 %% %(n)s, 'We need work of kind ' || i,
              now() - i %% 90 * interval '1 day'
       FROM generate_series(1, %(n)s / 5) i""",
    """INSERT INTO opportunity (posting_id, partner_id, contact_id, state, title, blind_text, pays, created_at,
                                opened_at, closes_on, matched_at)
       SELECT i, 1 + i * 5 %% %(n)s, 1 + i * 5 %% %(n)s,
              CASE WHEN i %% 10 < 5 THEN 'open' WHEN i %% 10 = 5 THEN 'draft' ELSE 'closed' END, 'Work of kind ' || i,
              repeat('We need work of kind ' || i || '. ', 10), 'The poster pays', now() - i %% 90 * interval '1 day',
              now() - i %% 90 * interval '1 day', current_date + 10 + i %% 40, now() - i %% 90 * interval '1 day'
       FROM generate_series(1, %(n)s / 5) i""",
    """INSERT INTO need (opportunity_id, position, text, text_hash, competency_keys)
       SELECT i, j, 'need ' || i || ' ' || j, md5('need ' || i || ' ' || j), ARRAY['practice-' || 1 + i %% 100]
       FROM generate_series(1, %(n)s / 5) i, generate_series(1, 2) j""",
    """INSERT INTO embedding (text_hash, model, vector)
       SELECT text_hash, 'bench@1', decode(repeat(text_hash, 32), 'hex') FROM need ORDER BY id""",
    """INSERT INTO match (opportunity_id, partner_id, version, place, score, why_you, why_them, reasons)
       SELECT i, 1 + (i * 5 + j * 37) %% %(n)s, 'bench', j, 1 - j / 30.0, 'You did work of this kind.',
              'Did work of this kind.', '[{"name": "industry", "value": 1, "weight": 1, "evidence": "knows breweries",
              "evidence_for_poster": "knows breweries", "private": false}]'
       FROM generate_series(1, %(n)s / 5) i, generate_series(1, 25) j""",
    """INSERT INTO reserve (opportunity_id, partner_ids, scores)
       SELECT i, array_agg(1 + (i * 5 + j * 37) %% %(n)s ORDER BY j), array_agg((0.16 - j / 1000.0)::real ORDER BY j)
       FROM generate_series(1, %(n)s / 5) i, generate_series(26, 125) j GROUP BY i""",
    """INSERT INTO introduction (opportunity_id, partner_id, contact_id, match_id, state, number, told_at,
                                 introduced_at, created_at)
       SELECT opportunity_id, partner_id, partner_id, id,
              (ARRAY['asked','asked','asked','asked','asked','accepted','declined','lapsed','introduced',
                     'closed'])[place],
              CASE WHEN place = 6 OR place > 8 THEN place END, CASE WHEN place = 6 OR place > 8 THEN now() END,
              CASE WHEN place > 8 THEN now() - interval '20 days' END, now() - interval '30 days'
       FROM match WHERE place <= 10 ORDER BY id""",
    """INSERT INTO introduction_step (introduction_id, at, side, what)
       SELECT id, created_at, 'counterpart', 'asked' FROM introduction ORDER BY id""",
    """INSERT INTO outcome (introduction_id, contact_id, result, reported_at, state)
       SELECT id, contact_id, 'won', now() - interval '1 day', 'confirmed' FROM introduction
       WHERE number >= 9 AND id %% 20 <> 9 ORDER BY id""",
    """INSERT INTO letter (key, kind, contact_id, to_address, refs, values, state, sent_at, next_try_at, created_at)
       SELECT 'digest:' || (current_date - j)::text || ':' || i, 'digest', i, 'anna@firm-' || i || '.example',
              jsonb_build_array(jsonb_build_array(1, 1 + (i * 2 + j) %% (%(n)s * 2))),
              '{"day": "2026-11-20", "offers": []}',
              'sent', now() - j * interval '1 day', now() - j * interval '1 day', now() - j * interval '1 day'
       FROM generate_series(1, 3) j, generate_series(1, %(n)s) i""",
    """UPDATE letter SET state = 'waiting', sent_at = NULL, next_try_at = now() WHERE id %% 100 = 0""",
    """INSERT INTO digest (contact_id, day, letter_id)
       SELECT contact_id, created_at::date, id FROM letter ORDER BY id""",
    """INSERT INTO exposure (opportunity_id, partner_id, contact_id, letter_id, place, shown_on)
       SELECT opportunity_id, partner_id, contact_id, contact_id, 1, current_date - 20 FROM introduction ORDER BY id""",
    """INSERT INTO inbound_message (key, raw, received_at, state, kind, sender, letter_id, text, verdict)
       SELECT 'bench' || i, convert_to(repeat('From: somebody ' || i || E'\n', 20), 'UTF8'),
              now() - i %% 80 * interval '1 day', CASE WHEN i %% 50 = 0 THEN 'held' ELSE 'done' END, 'reply',
              'anna@firm-' || i || '.example', i, '1 yes', 'accepted'
       FROM generate_series(1, %(n)s) i""",
    """INSERT INTO bounce (letter_id, email, hard, reason, at)
       SELECT i * 50, 'anna@firm-' || i * 50 || '.example', false, '4.2.2', now() - interval '1 day'
       FROM generate_series(1, %(n)s / 50) i""",
    """INSERT INTO suppression (email, scope, cause)
       SELECT 'anna@firm-' || i * 40 || '.example', 'digest', 'unsubscribed' FROM generate_series(1, %(n)s / 40) i""",
    """INSERT INTO procrastinate_jobs (queue_name, task_name, status)
       SELECT 'now', 'match', 'todo' FROM generate_series(1, %(n)s / 1000) i""",
)

UNSETTLED = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relpages > 0 AND relallvisible < relpages
"""


def fill(url: str, n_partners: int) -> None:
    """Write the rows of a market into an empty database and let it learn how they are spread (a superuser's work)."""
    with psycopg.connect(url, autocommit=True) as connection, connection.transaction():
        # No foreign key is asked and no wake-up is sent, row by row; the rows are made to fit each other.
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in ROWS:
            connection.execute(statement, {"n": n_partners})
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        # A page that is not on disk yet, or whose rows another transaction may not see, is not marked as read by all:
        # as long as it is not, the planner reads the whole table where an index alone would answer.
        for _ in range(50):
            unsettled = [row[0] for row in connection.execute(UNSETTLED).fetchall()]
            if not unsettled:
                return
            sleep(0.2)
            for table in unsettled:
                connection.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))
    raise RuntimeError(f"After 50 rounds of VACUUM, tables of {urlsplit(url).path[1:]} are not settled: {unsettled}.")
