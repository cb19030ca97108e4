@testable import Installer
import Testing

/// NetworkPolicies are additive.
@Suite struct PolicyReachTests {
    private let proxy = NetworkPolicyEvaluator.Part(deployment("proxy", port: 10_000))
    private let builder = NetworkPolicyEvaluator.Part(deployment("builder", port: 1234))

    @Test func withoutPoliciesEverybodyGetsThrough() {
        let reach = NetworkPolicyEvaluator(policies: [])
        #expect(reach.blockers(into: proxy, from: nil) == [])
        #expect(reach.blockers(outOf: proxy, to: builder) == [])
    }

    @Test func whatLetsNobodyInKeepsThemOut() {
        let reach = NetworkPolicyEvaluator(policies: [
            policy("deny", [:], ["policyTypes": ["Ingress", "Egress"]])
        ])
        #expect(reach.blockers(into: proxy, from: nil) == ["deny"])
        #expect(reach.blockers(into: builder, from: proxy) == ["deny"])
        #expect(reach.blockers(outOf: proxy, to: builder) == ["deny"])
    }

    @Test func oneThatLetsThroughIsEnough() {
        let reach = NetworkPolicyEvaluator(policies: [
            policy("deny", [:], ["policyTypes": ["Ingress"]]),
            policy(
                "ours", ["matchLabels": ["part": "builder"]],
                [
                    "policyTypes": ["Ingress"],
                    "ingress": [
                        [
                            "ports": [["port": "buildkit"]],
                            "from": [["podSelector": ["matchLabels": ["part": "proxy"]]]],
                        ]
                    ],
                ]),
        ])
        #expect(reach.blockers(into: builder, from: proxy) == [])
        #expect(reach.blockers(into: builder, from: builder) == ["deny", "ours"])
        #expect(reach.blockers(into: proxy, from: nil) == ["deny"])
        #expect(reach.blockers(outOf: proxy, to: builder) == [])
    }

    @Test(
        arguments: [
            (["port": 1234], true), (["port": 99], false), (["port": 1000, "endPort": 2000], true),
            (["port": "metrics"], false), (["protocol": "TCP"], true),
        ] as [(JSONValue, Bool)])
    func portsAreNamedOrNumbered(rule: JSONValue, isOpen: Bool) {
        let reach = NetworkPolicyEvaluator(policies: [
            policy("some", [:], ["ingress": [["ports": .array([rule])]]])
        ])
        #expect(reach.blockers(into: builder, from: proxy).isEmpty == isOpen)
    }

    @Test(arguments: [
        (operator: "In", isAbout: true), (operator: "NotIn", isAbout: false),
        (operator: "Exists", isAbout: true), (operator: "DoesNotExist", isAbout: false),
    ])
    func expressionsSelectToo(operator name: String, isAbout: Bool) {
        let selector: JSONValue = [
            "matchExpressions": [["key": "part", "operator": .string(name), "values": ["proxy"]]]
        ]
        let reach = NetworkPolicyEvaluator(policies: [policy("deny", selector, [:])])
        #expect(reach.blockers(into: proxy, from: nil).isEmpty != isAbout)
    }

    private func policy(_ name: String, _ selector: JSONValue, _ rules: [String: JSONValue]) -> JSONValue {
        [
            "kind": "NetworkPolicy", "metadata": ["name": .string(name)],
            "spec": .object(rules.merging(["podSelector": selector]) { $1 }),
        ]
    }

    private static func deployment(_ part: String, port: Int) -> JSONValue {
        [
            "spec": [
                "template": [
                    "metadata": ["labels": ["part": .string(part)]],
                    "spec": [
                        "containers": [
                            ["ports": [["name": "buildkit", "containerPort": .number(Double(port))]]]
                        ]
                    ],
                ]
            ]
        ]
    }
}
