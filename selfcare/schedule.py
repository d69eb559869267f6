"""What runs by the clock: Celery beat starts each task in its room."""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "billing-cancel-orphans": {"task": "billing.tasks.cancel_orphans", "schedule": timedelta(hours=1)},
    # At night in UTC, which is what "yesterday" means there.
    "billing-compare-payments": {"task": "billing.tasks.compare_payments", "schedule": crontab(hour="4", minute="30")},
    "billing-charge-subscriptions": {"task": "billing.tasks.charge_subscriptions", "schedule": timedelta(hours=1)},
    "billing-mail-invoices": {"task": "billing.tasks.mail_invoices", "schedule": timedelta(minutes=1)},
    "billing-make-papers": {"task": "billing.tasks.make_papers", "schedule": timedelta(seconds=30)},
    "billing-make-partitions": {"task": "billing.tasks.make_partitions", "schedule": timedelta(hours=12)},
    "billing-make-reports": {"task": "billing.tasks.make_reports", "schedule": timedelta(seconds=20)},
    "billing-open-period-reports": {"task": "billing.tasks.open_period_reports", "schedule": timedelta(hours=1)},
    "billing-pay-automatically": {"task": "billing.tasks.pay_automatically", "schedule": timedelta(minutes=1)},
    "billing-process-webhooks": {"task": "billing.tasks.process_webhooks", "schedule": timedelta(seconds=20)},
    "billing-remind-and-block": {"task": "billing.tasks.remind_and_block", "schedule": timedelta(hours=1)},
    "billing-remove-old-reports": {"task": "billing.tasks.remove_old_reports", "schedule": timedelta(hours=12)},
    "billing-run": {"task": "billing.tasks.run_billing", "schedule": timedelta(hours=1)},
    "billing-send-statistics": {"task": "billing.tasks.send_statistics", "schedule": timedelta(hours=1)},
    "billing-settle-methods": {"task": "billing.tasks.settle_methods", "schedule": timedelta(minutes=5)},
    "billing-settle-payments": {"task": "billing.tasks.settle_payments", "schedule": timedelta(minutes=1)},
    "billing-settle-refunds": {"task": "billing.tasks.settle_refunds", "schedule": timedelta(minutes=1)},
    "billing-tell-of-expiring-cards": {
        "task": "billing.tasks.tell_of_expiring_cards",
        "schedule": timedelta(hours=6),
    },
    "billing-watch-spending": {"task": "billing.tasks.watch_spending", "schedule": timedelta(minutes=1)},
    "selfcare-forget-states": {"task": "selfcare.tasks.forget_states", "schedule": timedelta(hours=24)},
    "centrex-apply-planned-changes": {
        "task": "centrex.tasks.apply_planned_changes",
        "schedule": timedelta(minutes=1),
    },
    "centrex-convert-sounds": {"task": "centrex.tasks.convert_sounds", "schedule": timedelta(seconds=20)},
    "centrex-delete-old-recordings": {
        "task": "centrex.tasks.delete_old_recordings",
        "schedule": timedelta(hours=6),
    },
    "centrex-drop-old-sheets": {"task": "centrex.tasks.drop_old_sheets", "schedule": timedelta(hours=1)},
    "centrex-remove-forwarded": {"task": "centrex.tasks.remove_forwarded", "schedule": timedelta(minutes=1)},
    "centrex-tell-of-recordings": {"task": "centrex.tasks.tell_of_recordings", "schedule": timedelta(minutes=1)},
    "selfcare-send-mail": {"task": "selfcare.tasks.send_mail", "schedule": timedelta(seconds=30)},
    "selfcare-send-sms": {"task": "selfcare.tasks.send_sms", "schedule": timedelta(seconds=30)},
    "selfcare-tidy": {"task": "selfcare.tasks.tidy", "schedule": timedelta(hours=24)},
}
