"""The addresses of withdrawals in the admin."""

from __future__ import annotations

from django.urls import path

from withdrawal.admin import receipt_views, withdraw_views

urlpatterns = [
    path("withdrawals/", receipt_views.withdrawals_view, name="withdrawals"),
    path("withdrawals/consent/<int:pk>/", withdraw_views.withdraw_consent_view, name="withdraw_consent"),
    path("withdrawals/person/<int:pk>/", withdraw_views.withdraw_person_view, name="withdraw_person"),
    path("withdrawals/<uuid:number>/", receipt_views.receipt_view, name="withdrawal_receipt"),
    path(
        "withdrawals/<uuid:number>/receipt.json", receipt_views.receipt_json, name="withdrawal_receipt_json"
    ),
    path("withdrawals/<uuid:number>/try/", receipt_views.try_again, name="withdrawal_receipt_try"),
    path("withdrawals/<uuid:number>/send/", receipt_views.send, name="withdrawal_receipt_send"),
    path(
        "withdrawals/<uuid:number>/told/<int:pk>/", receipt_views.record_told, name="withdrawal_receipt_told"
    ),
]
