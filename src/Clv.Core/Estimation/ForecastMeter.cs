namespace Clv.Core.Estimation;

/// <summary>Compares forecasts with what happened.</summary>
internal static class ForecastMeter
{
    private const int Tenths = 10;

    /// <summary>Measures a forecast on some customers, given by their places.</summary>
    public static ForecastScore Measure(Forecast forecast, IReadOnlyList<HeldOutCustomer> customers, int[] places, string? segment)
    {
        double predicted = 0, actual = 0, absolute = 0, squared = 0, predictedValue = 0, actualValue = 0;
        foreach (var i in places)
        {
            var error = forecast.Occasions[i] - customers[i].Occasions;
            predicted += forecast.Occasions[i];
            actual += customers[i].Occasions;
            absolute += Math.Abs(error);
            squared += error * error;
            predictedValue += forecast.Value[i];
            actualValue += customers[i].Value;
        }

        var count = Math.Max(1, places.Length);
        return new ForecastScore
        {
            Forecast = forecast.Name,
            Segment = segment,
            Customers = places.Length,
            PredictedOccasions = predicted,
            ActualOccasions = actual,
            MeanAbsoluteError = absolute / count,
            RootMeanSquaredError = Math.Sqrt(squared / count),
            PredictedValue = predictedValue,
            ActualValue = actualValue,
            TopDecileShare = TopShare(forecast, customers, places, actualValue),
            Deciles = Deciles(forecast, customers, places),
            Frequencies = Frequencies(forecast, customers, places),
        };
    }

    /// <summary>The mean squared error of a customer's occasions.</summary>
    public static double MeanSquaredError(Forecast forecast, IReadOnlyList<HeldOutCustomer> customers, int[] places)
    {
        var squared = 0.0;
        foreach (var i in places)
        {
            var error = forecast.Occasions[i] - customers[i].Occasions;
            squared += error * error;
        }

        return squared / Math.Max(1, places.Length);
    }

    /// <summary>
    /// Whether one forecast's squared error is lower than another's by more than so many standard errors of the mean difference over the same
    /// customers.
    /// </summary>
    public static bool IsBetter(double standardErrors, Forecast one, Forecast other, IReadOnlyList<HeldOutCustomer> customers, int[] places)
    {
        double sum = 0, squares = 0;
        foreach (var i in places)
        {
            var (error, otherError) = (one.Occasions[i] - customers[i].Occasions, other.Occasions[i] - customers[i].Occasions);
            var gain = (otherError * otherError) - (error * error);
            sum += gain;
            squares += gain * gain;
        }

        var count = Math.Max(1, places.Length);
        var mean = sum / count;
        return mean > standardErrors * Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)) / count);
    }

    private static double TopShare(Forecast forecast, IReadOnlyList<HeldOutCustomer> customers, int[] places, double all)
    {
        var order = Descending(forecast.Value, places);
        var share = 0.0;
        foreach (var i in order.AsSpan(0, Bound(1, order.Length)))
        {
            share += customers[i].Value;
        }

        return all > 0 ? share / all : 0;
    }

    private static CalibrationDecile[] Deciles(Forecast forecast, IReadOnlyList<HeldOutCustomer> customers, int[] places)
    {
        var order = Descending(forecast.Occasions, places);
        var deciles = new List<CalibrationDecile>(Tenths);
        for (var tenth = 0; tenth < Tenths; tenth++)
        {
            var part = order.AsSpan(Bound(tenth, order.Length)..Bound(tenth + 1, order.Length));
            double predicted = 0, actual = 0;
            foreach (var i in part)
            {
                predicted += forecast.Occasions[i];
                actual += customers[i].Occasions;
            }

            if (!part.IsEmpty)
            {
                deciles.Add(new CalibrationDecile(part.Length, predicted / part.Length, actual / part.Length));
            }
        }

        return [.. deciles];
    }

    private static CalibrationFrequency[] Frequencies(Forecast forecast, IReadOnlyList<HeldOutCustomer> customers, int[] places)
    {
        var classes = new (long Customers, double Predicted, double Actual)[ForecastScore.FrequencyClasses];
        foreach (var i in places)
        {
            ref var of = ref classes[Math.Min(customers[i].Frequency, classes.Length - 1)];
            of = (of.Customers + 1, of.Predicted + forecast.Occasions[i], of.Actual + customers[i].Occasions);
        }

        return [.. classes.Select(static (c, x) => new CalibrationFrequency(x, c.Customers, c.Predicted / c.Customers, c.Actual / c.Customers))
            .Where(static c => c.Customers > 0)];
    }

    private static int Bound(int tenth, int length) => (int)((long)length * tenth / Tenths);

    /// <summary>The places by falling forecast, equal ones in the order of places.</summary>
    private static int[] Descending(double[] forecast, int[] places)
    {
        var keys = Array.ConvertAll(places, i => (-forecast[i], i));
        var order = (int[])places.Clone();
        Array.Sort(keys, order);
        return order;
    }
}
