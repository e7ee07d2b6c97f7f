"""The core of Songbook"""
