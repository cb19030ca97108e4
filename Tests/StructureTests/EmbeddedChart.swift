import Testing

@testable import Installer

struct EmbeddedChart {
    @Test func theBinaryHoldsTheChartAsItIsInTheRepository() throws {
        let chart = try textFiles(in: "templates/buildkit")
        #expect(chartFiles.map(\.path).sorted() == chart.map(\.path))
        for (path, text) in chart {
            #expect(
                chartFiles.first { $0.path == path }?.text == text,
                "\(path) has changed since it was embedded")
        }
    }
}
