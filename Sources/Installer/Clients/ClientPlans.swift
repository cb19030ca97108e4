extension Plan {
    /// A certificate and a role for a client that is to come, or another role for one that is there.
    public static func addClient(_ answers: Answers, _ facts: Facts, places: Places, home: String) -> Plan {
        ClientPlanner(.add, answers, facts, places: places, home: home).addition
    }

    /// A new certificate for a client.
    public static func renewClient(_ answers: Answers, _ facts: Facts, places: Places, home: String) -> Plan {
        ClientPlanner(.renew, answers, facts, places: places, home: home).renewal
    }

    /// Nobody lets the client in any more.
    public static func revokeClient(_ answers: Answers, _ facts: Facts, places: Places, home: String) -> Plan
    {
        ClientPlanner(.revoke, answers, facts, places: places, home: home).revocation
    }
}
