extension ConfigurationTemplate {
    static let alarms = """
        # Who is told when an edge goes out or comes back, a plan is held, a publication fails, and so on
        # (docs/alarms.md). Examples of receivers, and the other keys' defaults.
        # alarms:
        #   receivers:
        #     - name: ops
        #       # A POST of JSON; "{secret}" stands for the only line of the file "secret".
        #       kind: webhook
        #       url: https://chat.example.net/hooks/{secret}
        #       secret: /etc/edgemanage/ops.secret
        #       # template: /etc/edgemanage/ops.template
        #       # headers: {X-Team: ops}
        #       # ca: /etc/edgemanage/chat-ca.pem
        #       # severities: [critical, warning, info]
        #       # kinds: [edge_out, degraded]
        #       # networks: [mynet]
        #       # retries: 10
        #       # timeout: 5s
        #     - name: alertmanager
        #       kind: alertmanager
        #       url: http://127.0.0.1:9093
        #     - name: pager
        #       # The notification comes as JSON on standard input.
        #       kind: command
        #       command: [/usr/local/bin/page, ops]
        #       severities: [critical]
        #   # How long after a notification what still holds is told again; or none.
        #   remind: 4h
        #   # When only critical notifications pass, by the system's local time; the rest follows as a digest.
        #   # quiet: 22:00-07:00
        #   # The least time between two notifications of one kind.
        #   pace: 5m
        #   # What comes so many times in an hour is told as flapping, once; or none.
        #   flapping: 4
        #   # The most notifications to one receiver in an hour.
        #   per_hour: 30
        #   # any, or live: edges that fail while they are not live are nobody's concern.
        #   edges: any
        #   # How long before its end a certificate is told.
        #   certificate: 14d
        #   # What all sending of one round may take.
        #   timeout: 10s
        #   # How long something stands before it is told ("2 rounds" or 2m), how bad it is, and when it is told
        #   # again; or none for a kind that is never told.
        #   kinds:
        #     edge_out: {after: 2 rounds, severity: warning, remind: 4h}
        #     degraded: {after: 2 rounds}
        #     plan_held: {after: 1 round, severity: warning}
        #     publication_failed: {after: 2 rounds, severity: critical}
        #     include_refused: {after: 1 round, severity: warning}
        #     server_lagging: {after: 2 rounds, severity: warning}
        #     monitor_sick: {after: 2 rounds, severity: critical}
        #     configuration_refused: {after: 1 round, severity: warning}
        #     certificate_expiring: {after: 1 round}
        #     no_round: {after: 3 rounds, severity: critical}


        """
}
