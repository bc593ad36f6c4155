"""What a reviewer should doubt: claims, accounts and closes that stand out."""
