"""The base on which each domain declares its API: serializers, viewsets and what they promise."""
