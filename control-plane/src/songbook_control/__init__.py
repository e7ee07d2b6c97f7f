"""Songbook"""
